//! Numbers that look random and are the same for the same seed (splitmix64).

/// A source of such numbers.
pub(crate) struct Random(u64);

impl Random {
    /// One that depends on `seed` and on the words given, and on nothing else.
    pub(crate) fn new(seed: u64, words: &[&str]) -> Self {
        let mut random = Self(seed);
        for byte in words.iter().flat_map(|word| word.bytes().chain([0])) {
            random.0 ^= u64::from(byte);
            random.next();
        }
        random
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        let mixed = mixed ^ (mixed >> 31);
        self.0 ^= mixed.rotate_left(17);
        mixed
    }

    /// A number below `end`; 0 where `end` is 0.
    pub(crate) fn below(&mut self, end: usize) -> usize {
        let end = u64::try_from(end.max(1)).unwrap_or(1);
        usize::try_from(self.next() % end).unwrap_or(0)
    }

    /// One of them, if there are any.
    pub(crate) fn pick<'a, T>(&mut self, from: &'a [T]) -> Option<&'a T> {
        from.get(self.below(from.len()))
    }

    /// At most `count` of them, in an order that depends on the seed.
    pub(crate) fn sample<T>(&mut self, mut from: Vec<T>, count: usize) -> Vec<T> {
        let mut chosen = Vec::new();
        while chosen.len() < count && !from.is_empty() {
            let at = self.below(from.len());
            chosen.push(from.swap_remove(at));
        }
        chosen
    }
}
