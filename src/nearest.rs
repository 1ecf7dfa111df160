//! The name that was likely meant by one that does not exist.

/// Least likeness of two names, 0 to 1, for the one to be suggested for the other.
const LEAST_LIKENESS: f64 = 0.5;

/// Returns the name that was likely meant by `given`; `None` if none is like it. A name with the same last part counts as
/// very like: `meta.title` for `title`.
pub(crate) fn nearest<'n>(given: &str, names: impl IntoIterator<Item = &'n str>) -> Option<&'n str> {
    let given = given.to_lowercase();
    let likeness = |name: &str| {
        let name = name.to_lowercase();
        let same_end = name.ends_with(&format!(".{given}")) || given.ends_with(&format!(".{name}"));
        if same_end { 1.0 } else { strsim::normalized_damerau_levenshtein(&given, &name) }
    };
    let likely = names.into_iter().map(|name| (likeness(name), name));
    let best = likely.max_by(|(a, first), (b, second)| a.total_cmp(b).then_with(|| second.cmp(first)))?;
    (best.0 >= LEAST_LIKENESS).then_some(best.1)
}

/// Returns the end of a message about a name that does not exist: it suggests one that does, if one is near.
///
/// ```
/// assert_eq!(flong::did_you_mean("titel", ["id", "title"]), "; did you mean `title`?");
/// ```
pub fn did_you_mean<'n>(given: &str, names: impl IntoIterator<Item = &'n str>) -> String {
    nearest(given, names).map_or(String::new(), |name| format!("; did you mean `{name}`?"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_likeliest_name_is_suggested() {
        let names = ["id", "body", "meta.title", "published"];
        assert_eq!(nearest("Bdoy", names), Some("body"));
        assert_eq!(nearest("title", names), Some("meta.title"));
        assert_eq!(nearest("date_published", names), Some("published"));
        assert_eq!(nearest("colour", names), None);
        assert_eq!(did_you_mean("publishd", names), "; did you mean `published`?");
        assert_eq!(did_you_mean("colour", names), "");
    }
}
