//! Lists of different lengths, one for each document.

use std::ops::Index;

/// Lists of different lengths in one array, such as what is set aside in each document of a corpus. Of millions of documents
/// most have nothing, and a list of its own for each would take more room than what is in it.
///
/// ```
/// use flong::Ragged;
///
/// let mut lists = Ragged::default();
/// lists.push([1, 2]);
/// lists.push([]);
/// lists.push([3]);
/// assert_eq!((lists.len(), &lists[0], &lists[1]), (3, &[1, 2][..], &[][..]));
/// assert_eq!(lists.values(), [1, 2, 3]);
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ragged<T> {
    values: Vec<T>,
    /// The end of each list in `values`.
    ends: Vec<u32>,
}

impl<T> Default for Ragged<T> {
    fn default() -> Self {
        Ragged { values: Vec::new(), ends: Vec::new() }
    }
}

impl<T> Ragged<T> {
    /// Appends a list.
    ///
    /// # Panics
    /// If all lists together have more than `u32::MAX` values.
    pub fn push(&mut self, list: impl IntoIterator<Item = T>) {
        self.values.extend(list);
        self.ends.push(u32::try_from(self.values.len()).expect("lists have at most 4 billion values"));
    }

    /// Appends other lists.
    ///
    /// # Panics
    /// If all lists together have more than `u32::MAX` values.
    pub fn append(&mut self, mut more: Ragged<T>) {
        let start = self.values.len() as u32;
        self.values.append(&mut more.values);
        u32::try_from(self.values.len()).expect("lists have at most 4 billion values");
        self.ends.extend(more.ends.iter().map(|end| start + end));
    }

    /// Gives memory back that is not used.
    pub fn shrink_to_fit(&mut self) {
        self.values.shrink_to_fit();
        self.ends.shrink_to_fit();
    }

    /// Returns the number of lists.
    pub fn len(&self) -> usize {
        self.ends.len()
    }

    /// Returns whether there is no list.
    pub fn is_empty(&self) -> bool {
        self.ends.is_empty()
    }

    /// Returns the values of all lists, one list after another.
    pub fn values(&self) -> &[T] {
        &self.values
    }

    /// Returns the list at an index; `None` if there are fewer.
    pub fn get(&self, index: usize) -> Option<&[T]> {
        let end = *self.ends.get(index)?;
        let start = index.checked_sub(1).map_or(0, |before| self.ends[before]);
        Some(&self.values[start as usize..end as usize])
    }

    /// Returns the first value of the list at an index; `None` if that list is empty.
    ///
    /// # Panics
    /// If there are fewer lists.
    pub fn first(&self, index: usize) -> Option<T>
    where
        T: Copy,
    {
        self[index].first().copied()
    }

    /// Returns all lists in order.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = &[T]> {
        (0..self.len()).map(|index| &self[index])
    }
}

impl<T> Index<usize> for Ragged<T> {
    type Output = [T];

    fn index(&self, index: usize) -> &[T] {
        self.get(index).expect("an index of one of the lists")
    }
}

impl<T, L: IntoIterator<Item = T>> FromIterator<L> for Ragged<T> {
    fn from_iter<I: IntoIterator<Item = L>>(lists: I) -> Self {
        let mut all = Ragged::default();
        lists.into_iter().for_each(|list| all.push(list));
        all
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_are_those_that_were_pushed() {
        let lists = [vec![1, 2], vec![], vec![3], vec![], vec![]];
        for cut in 0..=lists.len() {
            let mut all: Ragged<i32> = lists[..cut].iter().cloned().collect();
            all.append(lists[cut..].iter().cloned().collect());
            assert!(all.iter().eq(lists.iter().map(Vec::as_slice)));
            assert_eq!((all.len(), all.get(5), all.values()), (5, None, &[1, 2, 3][..]));
            assert_eq!((all.first(0), all.first(1), all.first(2)), (Some(1), None, Some(3)));
        }
    }
}
