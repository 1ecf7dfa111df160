//! Errors of the database, as errors about its file.

use std::borrow::Cow;
use std::io::ErrorKind;
use std::ops::{Deref, DerefMut};
use std::path::Path;

use crate::guard::guarded;
use crate::{Error, Result};

/// Why the database failed, without the path, which is added later.
#[derive(Debug)]
pub(super) enum Failure {
    Database(Box<redb::Error>),
    Damaged(Cow<'static, str>),
}

impl Failure {
    pub fn damaged(what: impl Into<Cow<'static, str>>) -> Self {
        Failure::Damaged(what.into())
    }

    /// Returns the error about a file.
    fn at(self, path: &Path) -> Error {
        let what = match self {
            Failure::Damaged(what) => what,
            Failure::Database(error) => match *error {
                redb::Error::DatabaseAlreadyOpen | redb::Error::LockProtocolMismatch => {
                    return Error::Usage(format!(
                        "{}: another run is writing to the index; try again when it has ended",
                        path.display()
                    ));
                }
                // The database read beyond the end of the file, or its backend refused.
                redb::Error::Io(error)
                    if !matches!(error.kind(), ErrorKind::InvalidData | ErrorKind::UnexpectedEof) =>
                {
                    return Error::io(path, error);
                }
                error => error.to_string().into(),
            },
        };
        damaged(path, &format!("the index is damaged: {what}"))
    }
}

/// Returns the error about a file that is damaged, with the remedy.
pub(super) fn damaged(path: &Path, what: &str) -> Error {
    let reason = format!("{what}. Put a copy of it back, or move it away and make it anew with `flong index add`");
    Error::Damaged { path: path.to_owned(), reason }
}

impl<E: Into<redb::Error>> From<E> for Failure {
    fn from(error: E) -> Self {
        Failure::Database(Box::new(error.into()))
    }
}

/// Works with the database: what fails becomes an error about the file. The one place where panics of the database, which
/// takes what it reads on trust, are caught.
pub(super) fn attempt<T>(path: &Path, work: impl FnOnce() -> Result<T, Failure>) -> Result<T> {
    let nonsense = || Err(Failure::damaged("what is written there makes no sense"));
    guarded(work).unwrap_or_else(nonsense).map_err(|failure| failure.at(path))
}

/// A part of the database that may panic when it is dropped, if the file is damaged: that panic is ignored.
pub(super) struct Quiet<T>(Option<T>);

impl<T> Quiet<T> {
    pub fn new(part: T) -> Self {
        Quiet(Some(part))
    }

    /// Returns the part itself, to drop or to use up.
    pub fn into_inner(mut self) -> T {
        self.0.take().expect("it is taken once")
    }
}

impl<T> Deref for Quiet<T> {
    type Target = T;

    fn deref(&self) -> &T {
        self.0.as_ref().expect("it is taken when this goes")
    }
}

impl<T> DerefMut for Quiet<T> {
    fn deref_mut(&mut self) -> &mut T {
        self.0.as_mut().expect("it is taken when this goes")
    }
}

impl<T> Drop for Quiet<T> {
    fn drop(&mut self) {
        let part = self.0.take();
        guarded(|| drop(part));
    }
}
