//! Compressed streams: told by their first bytes when they are read, by their name when they are
//! written.
//!
//! What is written is a sequence of complete frames (gzip calls them members, xz and bzip2
//! streams): every frame can be decompressed by itself, and so can any number of them in a row.

use std::io::{self, BufReader, Cursor, Read, Write};
use std::path::{Path, PathBuf};

/// How a stream is compressed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Compression {
    /// Not at all.
    None,
    /// gzip, `.gz`.
    Gzip,
    /// Zstandard, `.zst`.
    Zstd,
    /// xz, `.xz`.
    Xz,
    /// bzip2, `.bz2`.
    Bzip2,
}

/// Extension, first bytes.
const KINDS: &[(Compression, &str, &[u8])] = &[
    (Compression::Gzip, "gz", b"\x1f\x8b\x08"),
    (Compression::Zstd, "zst", b"\x28\xb5\x2f\xfd"),
    (Compression::Xz, "xz", b"\xfd7zXZ\0"),
    (Compression::Bzip2, "bz2", b"BZh"),
];
/// The most first bytes that any of them needs.
const LONGEST_MAGIC: usize = 6;
/// A middling level of zstd: faster than any translation, and smaller than its default.
const ZSTD_LEVEL: i32 = 9;
/// Frames are small, so a small dictionary loses nothing and takes little memory.
const XZ_LEVEL: u32 = 4;

impl Compression {
    /// What the name says, and the name without that: `corpus.fr.zst` is Zstandard of `corpus.fr`.
    pub fn guess(path: &Path) -> (Compression, PathBuf) {
        let extension = path.extension().and_then(|e| e.to_str());
        let kind = KINDS
            .iter()
            .find(|(_, name, _)| extension.is_some_and(|e| e.eq_ignore_ascii_case(name)));
        match kind {
            Some((kind, _, _)) => (*kind, path.with_extension("")),
            None => (Compression::None, path.to_owned()),
        }
    }

    /// What the first bytes of a stream say.
    pub fn of_magic(head: &[u8]) -> Compression {
        KINDS
            .iter()
            .find(|(_, _, magic)| head.starts_with(magic))
            .map_or(Compression::None, |(kind, _, _)| *kind)
    }

    /// `bytes` as one frame.
    ///
    /// # Errors
    /// Where the compressor has no memory.
    pub fn frame(self, bytes: &[u8]) -> io::Result<Vec<u8>> {
        match self {
            Compression::None => Ok(bytes.to_vec()),
            Compression::Gzip => {
                let level = flate2::Compression::default();
                let mut encoder = flate2::write::GzEncoder::new(Vec::new(), level);
                encoder.write_all(bytes)?;
                encoder.finish()
            }
            Compression::Zstd => zstd::encode_all(bytes, ZSTD_LEVEL),
            Compression::Xz => {
                let mut encoder = liblzma::write::XzEncoder::new(Vec::new(), XZ_LEVEL);
                encoder.write_all(bytes)?;
                encoder.finish()
            }
            Compression::Bzip2 => {
                let level = bzip2::Compression::best();
                let mut encoder = bzip2::write::BzEncoder::new(Vec::new(), level);
                encoder.write_all(bytes)?;
                encoder.finish()
            }
        }
    }
}

/// What `raw` holds, decompressed where its first bytes say that it is compressed.
///
/// # Errors
/// Where its first bytes cannot be read.
pub fn reader(mut raw: Box<dyn Read + Send>) -> io::Result<Box<dyn Read + Send>> {
    let mut head = Vec::with_capacity(LONGEST_MAGIC);
    raw.by_ref()
        .take(LONGEST_MAGIC as u64)
        .read_to_end(&mut head)?;
    let kind = Compression::of_magic(&head);
    let whole = Cursor::new(head).chain(raw);
    Ok(match kind {
        Compression::None => Box::new(whole),
        Compression::Gzip => Box::new(flate2::bufread::MultiGzDecoder::new(BufReader::new(whole))),
        Compression::Zstd => Box::new(zstd::Decoder::new(whole)?),
        Compression::Xz => {
            let whole = BufReader::new(whole);
            Box::new(liblzma::bufread::XzDecoder::new_multi_decoder(whole))
        }
        Compression::Bzip2 => Box::new(bzip2::bufread::MultiBzDecoder::new(BufReader::new(whole))),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const ALL: [Compression; 5] = [
        Compression::None,
        Compression::Gzip,
        Compression::Zstd,
        Compression::Xz,
        Compression::Bzip2,
    ];

    fn read_back(bytes: Vec<u8>) -> io::Result<Vec<u8>> {
        let mut back = Vec::new();
        reader(Box::new(Cursor::new(bytes)))?.read_to_end(&mut back)?;
        Ok(back)
    }

    #[test]
    fn names() {
        let guess = |name: &str| {
            let (kind, rest) = Compression::guess(Path::new(name));
            (kind, rest.display().to_string())
        };
        assert_eq!(
            guess("a/c.fr.zst"),
            (Compression::Zstd, "a/c.fr".to_owned())
        );
        assert_eq!(guess("c.txt.GZ"), (Compression::Gzip, "c.txt".to_owned()));
        assert_eq!(guess("c.txt"), (Compression::None, "c.txt".to_owned()));
        assert_eq!(guess("-"), (Compression::None, "-".to_owned()));
    }

    #[test]
    fn a_stream_that_breaks_off_is_an_error() {
        for kind in &ALL[1..] {
            let mut bytes = kind.frame(&b"Bonjour le monde. ".repeat(99)).unwrap();
            bytes.truncate(bytes.len() / 2);
            assert!(read_back(bytes).is_err(), "{kind:?}");
        }
    }

    proptest! {
        #[test]
        fn frames_in_a_row_are_read_as_one(
            parts in proptest::collection::vec(proptest::collection::vec(any::<u8>(), 0..40), 0..4),
        ) {
            for kind in &ALL[1..] {
                let frames: io::Result<Vec<Vec<u8>>> =
                    parts.iter().map(|part| kind.frame(part)).collect();
                prop_assert_eq!(read_back(frames.unwrap().concat()).unwrap(), parts.concat());
            }
        }

        #[test]
        fn any_bytes_are_read_or_refused(bytes in proptest::collection::vec(any::<u8>(), 0..99)) {
            for (_, _, magic) in KINDS {
                let _ = read_back([magic, bytes.as_slice()].concat());
            }
        }
    }
}
