//! Reading NumPy's archives of arrays (`.npz`): a zip archive with an `.npy` file for each.

use std::collections::HashMap;
use std::io::{Cursor, Read};

use zip::ZipArchive;

/// The most that an archive may hold, unpacked: a multiple of any encoder.
const LIMIT: u64 = 1 << 29;
const MAGIC: &[u8] = b"\x93NUMPY";

/// An array, row after row.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Array {
    /// Its length in each dimension.
    pub shape: Vec<usize>,
    /// Its numbers.
    pub numbers: Numbers,
}

/// The numbers of an array.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Numbers {
    /// Unsigned bytes, or signed ones as they lie.
    Bytes(Vec<u8>),
    /// Floating-point numbers; those of 64 bits are rounded to 32.
    Floats(Vec<f32>),
}

/// The arrays of an archive, by name; what is wrong with it otherwise.
pub(super) fn read(bytes: &[u8]) -> Result<HashMap<String, Array>, String> {
    let mut zip = ZipArchive::new(Cursor::new(bytes)).map_err(|error| error.to_string())?;
    let mut arrays = HashMap::new();
    let mut left = LIMIT;
    for index in 0..zip.len() {
        let member = zip.by_index(index).map_err(|error| error.to_string())?;
        let name = member
            .name()
            .map_err(|error| error.to_string())?
            .into_owned();
        let wrong = |reason: &str| format!("{name}: {reason}");
        let mut content = Vec::new();
        let length = member
            .take(left + 1)
            .read_to_end(&mut content)
            .map_err(|error| wrong(&error.to_string()))?;
        left = left
            .checked_sub(length as u64)
            .ok_or_else(|| wrong("the arrays are too large"))?;
        let array = array(&content).map_err(wrong)?;
        arrays.insert(name.strip_suffix(".npy").unwrap_or(&name).into(), array);
    }
    Ok(arrays)
}

/// Reads an `.npy` file: a magic number, a version, the length of a header, the header (a Python
/// dictionary), the numbers.
fn array(bytes: &[u8]) -> Result<Array, &'static str> {
    const CUT: &str = "it is cut short";
    let rest = bytes.strip_prefix(MAGIC).ok_or("it is no array")?;
    let (version, rest) = rest.split_first_chunk::<2>().ok_or(CUT)?;
    let (length, rest) = if version[0] == 1 {
        let (length, rest) = rest.split_first_chunk::<2>().ok_or(CUT)?;
        (usize::from(u16::from_le_bytes(*length)), rest)
    } else {
        let (length, rest) = rest.split_first_chunk::<4>().ok_or(CUT)?;
        (u32::from_le_bytes(*length) as usize, rest)
    };
    let (header, data) = rest.split_at_checked(length).ok_or(CUT)?;
    let header = std::str::from_utf8(header).map_err(|_| "its header is no text")?;
    if !header.contains("'fortran_order': False") {
        return Err("its numbers lie in another order");
    }
    let shape = shape(header).ok_or("its header tells no shape")?;
    let count = shape
        .iter()
        .try_fold(1usize, |product, &length| product.checked_mul(length))
        .ok_or("it is too large")?;
    let sized = |size: usize| -> Result<(), &'static str> {
        let fits = count.checked_mul(size) == Some(data.len());
        fits.then_some(())
            .ok_or("it has more or fewer numbers than its shape says")
    };
    let kind = |name: &str| header.contains(&format!("'descr': '{name}'"));
    let numbers = if kind("|u1") || kind("|i1") {
        sized(1)?;
        Numbers::Bytes(data.to_vec())
    } else if kind("<f4") {
        sized(4)?;
        let (numbers, _) = data.as_chunks();
        Numbers::Floats(
            numbers
                .iter()
                .map(|&bytes| f32::from_le_bytes(bytes))
                .collect(),
        )
    } else if kind("<f8") {
        sized(8)?;
        let (numbers, _) = data.as_chunks();
        let narrow = |&bytes: &[u8; 8]| f64::from_le_bytes(bytes) as f32;
        Numbers::Floats(numbers.iter().map(narrow).collect())
    } else {
        return Err("its numbers are of another kind");
    };
    Ok(Array { shape, numbers })
}

/// `'shape': (512, 256)` as numbers; `()` is no dimension, a single number.
fn shape(header: &str) -> Option<Vec<usize>> {
    let (_, after) = header.split_once("'shape': (")?;
    let (inside, _) = after.split_once(')')?;
    let parts = inside.split(',').map(str::trim);
    let parts = parts.filter(|part| !part.is_empty());
    parts.map(|part| part.parse().ok()).collect()
}

#[cfg(test)]
mod tests {
    use std::io::Write as _;

    use proptest::prelude::*;
    use zip::ZipWriter;
    use zip::write::SimpleFileOptions;

    use super::*;

    fn npy(kind: &str, shape: &str, data: &[u8]) -> Vec<u8> {
        let header = format!("{{'descr': '{kind}', 'fortran_order': False, 'shape': {shape}, }}\n");
        let mut bytes = MAGIC.to_vec();
        bytes.extend([1, 0]);
        bytes.extend((header.len() as u16).to_le_bytes());
        bytes.extend(header.as_bytes());
        bytes.extend(data);
        bytes
    }

    #[test]
    fn arrays_are_read() {
        let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
        let floats: Vec<u8> = [1.5f32, -2.0]
            .iter()
            .flat_map(|x| x.to_le_bytes())
            .collect();
        for (name, content) in [
            ("a.npy", npy("<f4", "(1, 2)", &floats)),
            ("b.npy", npy("|u1", "(3,)", &[7, 8, 9])),
            ("c.npy", npy("<f8", "()", &0.25f64.to_le_bytes())),
        ] {
            zip.start_file(name, SimpleFileOptions::default()).unwrap();
            zip.write_all(&content).unwrap();
        }
        let arrays = read(&zip.finish().unwrap().into_inner()).unwrap();
        assert_eq!(arrays["a"].shape, [1, 2]);
        assert_eq!(arrays["a"].numbers, Numbers::Floats(vec![1.5, -2.0]));
        assert_eq!(arrays["b"].numbers, Numbers::Bytes(vec![7, 8, 9]));
        assert_eq!(arrays["c"].numbers, Numbers::Floats(vec![0.25]));
        assert!(arrays["c"].shape.is_empty());
    }

    #[test]
    fn what_is_wrong_is_told() {
        for (content, told) in [
            (b"PK".to_vec(), "no array"),
            (npy("<f4", "(2,)", &[0; 4]), "more or fewer"),
            (npy("<i4", "(1,)", &[0; 4]), "another kind"),
            (npy("<f4", "2", &[0; 8]), "no shape"),
            (npy("<f4", "(99999999999, 99999999999)", &[]), "too large"),
            (npy("<f4", "(1,)", &[0; 4])[..20].to_vec(), "cut short"),
        ] {
            let reason = array(&content).unwrap_err();
            assert!(reason.contains(told), "{told}: {reason}");
        }
        assert!(read(b"no zip").is_err());
    }

    proptest! {
        #[test]
        fn altered_arrays_never_panic(at in 0usize..90, with: u8, cut in 0usize..90) {
            let mut bytes = npy("<f4", "(1, 2)", &[0; 8]);
            let at = at % bytes.len();
            bytes[at] = with;
            let _ = array(&bytes);
            bytes.truncate(cut);
            let _ = array(&bytes);
        }
    }
}
