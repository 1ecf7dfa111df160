//! Addresses: relative ones are resolved, and hosts found.

use iri_string::types::{IriAbsoluteStr, IriReferenceStr, IriString};

/// Returns an address resolved against `base`. Anything that is not an address, or has no base, is returned unchanged.
pub(super) fn resolve(address: &str, base: Option<&str>) -> String {
    let resolved = || {
        let address = IriReferenceStr::new(address).ok()?;
        // A fragment is not part of a base.
        let base = IriAbsoluteStr::new(base?.split('#').next()?).ok()?;
        Some(IriString::try_from(address.resolve_against(base).to_string()).ok()?.to_string())
    };
    if address.is_empty() { String::new() } else { resolved().unwrap_or_else(|| address.to_owned()) }
}

/// Returns the host in an address, in lower case.
pub(in crate::read) fn host(url: &str) -> Option<String> {
    let (_, rest) = url.split_once("//")?;
    let authority = rest.split(['/', '?', '#']).next()?;
    let named = authority.rsplit_once('@').map_or(authority, |(_, host)| host);
    let host = match named.find(']') {
        Some(end) => &named[..=end],
        None => named.split(':').next()?,
    };
    (!host.is_empty()).then(|| host.to_lowercase())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn relative_addresses_are_resolved() {
        let base = Some("https://news.example/a/b?c#d");
        assert_eq!(resolve("../e?f#g", base), "https://news.example/e?f#g");
        assert_eq!(resolve("//other.example/x", base), "https://other.example/x");
        assert_eq!(resolve("https://x.example/ä", base), "https://x.example/ä");
        assert_eq!(resolve("e f", base), "e f");
        assert_eq!(resolve("e", None), "e");
        assert_eq!(resolve("e", Some("not a base")), "e");
        assert_eq!(resolve("", base), "");
    }
}
