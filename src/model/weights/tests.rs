use proptest::collection::vec;
use proptest::prelude::*;

use super::*;

const SAFE_TENSORS: &[u8] = include_bytes!("../../../tests/cases/models/tiny/model.safetensors");
const ZIP: &[u8] = include_bytes!("../../../tests/cases/models/tiny/pytorch_model.bin");
const LEGACY: &[u8] = include_bytes!("../../../tests/cases/models/tiny/legacy.bin");

/// The shape and the numbers of each tensor, by its name.
type Tensors = BTreeMap<String, (Vec<usize>, Vec<f32>)>;

/// All that can be read of `bytes`.
fn read(bytes: &[u8]) -> Result<Tensors, String> {
    let (_, tensors) = parse(bytes);
    tensors?
        .into_iter()
        .map(|(name, tensor)| {
            let numbers = tensor.numbers(bytes).ok_or("outside the file")?;
            Ok((name, (tensor.shape, numbers)))
        })
        .collect()
}

/// A legacy file whose dictionary of weights is `pickle`, without storages.
fn legacy(pickle: &[u8]) -> Vec<u8> {
    let mut bytes = b"\x80\x02\x8a\x0a\x6c\xfc\x9c\x46\xf9\x20\x6a\xa8\x50\x19.".to_vec();
    bytes.extend(b"\x80\x02M\xe9\x03.");
    bytes.extend(b"\x80\x02}X\x0d\x00\x00\x00little_endian\x88s.");
    bytes.extend(pickle);
    bytes.extend(b"\x80\x02].");
    bytes
}

#[test]
fn the_three_formats_hold_the_same_tensors() {
    let safe = read(SAFE_TENSORS).unwrap();
    let zip = read(ZIP).unwrap();
    assert_eq!(zip, read(LEGACY).unwrap());
    assert_eq!(zip["model.shared.weight"].0, [74, 8]);
    // Writers of safetensors keep only one of the names of one matrix.
    assert!(safe.len() > 40 && safe.len() < zip.len());
    for (name, tensor) in &safe {
        assert_eq!(tensor, &zip[name], "{name}");
    }
}

#[test]
fn nothing_in_a_pickle_is_run_and_what_wanted_to_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let trace = folder.path().join("trace");
    let command = format!("touch {}", trace.display());
    let text = [
        &[b'X'][..],
        &(command.len() as u32).to_le_bytes(),
        command.as_bytes(),
    ]
    .concat();
    let call = [&b"cposix\nsystem\n"[..], &text, b"\x85R"].concat();
    let as_tensor = [&b"\x80\x02}X\x01\x00\x00\x00w"[..], &call, b"s."].concat();
    let as_root = [&b"\x80\x02"[..], &call, b"."].concat();
    for pickle in [as_tensor, as_root] {
        let reason = read(&legacy(&pickle)).unwrap_err();
        assert!(reason.contains("posix.system"), "{reason}");
    }
    // Other ways to have something called are no operations of ours at all.
    for operation in [&b"\x81"[..], b"i", b"o", b"\x92", b"\x82\x01", b"P0\n"] {
        let pickle = [&b"\x80\x02cposix\nsystem\n("[..], &text, operation, b"."].concat();
        let reason = read(&legacy(&pickle)).unwrap_err();
        assert!(reason.contains("is not one that weights need"), "{reason}");
    }
    assert!(!trace.exists());
}

#[test]
fn what_a_file_says_cannot_reach_the_terminal_as_it_is() {
    let pickle = b"\x80\x02}X\x05\x00\x00\x00a\x1b[2Jc\x1b[2J\nb\n)Rs.";
    let reason = read(&legacy(pickle)).unwrap_err();
    assert!(!reason.contains('\x1b'), "{reason}");
}

#[test]
fn sizes_that_a_file_only_claims_are_refused() {
    let dimension = |n: u64| [&[0x8a, 8][..], &n.to_le_bytes()].concat();
    for (count, shape) in [
        (4, 1 << 40),
        (1 << 40, 1 << 40),
        (i64::MAX as u64, 1),
        (4, u64::MAX),
    ] {
        let storage = [
            &b"(X\x07\x00\x00\x00storagectorch\nFloatStorage\nX\x01\x00\x00\x000X\x03\x00\x00\x00cpu"[..],
            &dimension(count),
            b"NtQ",
        ]
        .concat();
        let tensor = [
            &b"ctorch._utils\n_rebuild_tensor_v2\n("[..],
            &storage,
            b"K\x00",
            &dimension(shape),
            b"\x85K\x00\x85tR",
        ]
        .concat();
        let pickle = [&b"\x80\x02}X\x01\x00\x00\x00w"[..], &tensor, b"s."].concat();
        assert!(read(&legacy(&pickle)).is_err(), "{count} {shape}");
    }
    for length in [9, 1 << 20, u64::MAX] {
        let bytes = [&length.to_le_bytes()[..], b"{}"].concat();
        assert!(read(&bytes).is_err(), "{length}");
    }
}

#[test]
fn a_small_file_cannot_ask_for_much() {
    // A list of a million values, given to itself again and again.
    let mut growing = b"\x80\x02]q\x00".to_vec();
    for _ in 0..(1 << 21) {
        growing.extend(b"Na");
    }
    growing.push(b'.');
    // A tensor of as many dimensions as fit.
    let mut deep = b"\x80\x02}(X\x01\x00\x00\x00wctorch._utils\n_rebuild_tensor_v2\n(".to_vec();
    deep.extend(b"(X\x07\x00\x00\x00storagectorch\nFloatStorage\nX\x01\x00\x00\x000X\x03\x00\x00\x00cpuK\x01NtQK\x00(");
    deep.extend([b'K', 1].repeat(1 << 18));
    deep.extend(b"tq\x01h\x01tRu.");
    // A long name.
    let mut long = b"\x80\x02}X".to_vec();
    long.extend((1u32 << 20).to_le_bytes());
    long.extend(vec![b'a'; 1 << 20]);
    long.extend(b"Ns.");
    for pickle in [growing, deep, long] {
        assert!(read(&legacy(&pickle)).is_err());
    }
}

/// An edit of a file: where (counted from the start, or from the end), and the bytes written there.
fn edit() -> impl Strategy<Value = (bool, usize, Vec<u8>)> {
    let place = prop_oneof![0usize..3000, 0usize..30_000];
    (any::<bool>(), place, vec(any::<u8>(), 1..6))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1000))]

    #[test]
    fn altered_weights_are_read_or_refused(
        format in 0usize..3,
        edits in vec(edit(), 1..6),
        cut in proptest::option::of(0usize..30_000),
    ) {
        let mut bytes = [SAFE_TENSORS, ZIP, LEGACY][format].to_vec();
        for (from_end, place, with) in edits {
            let last = bytes.len() - 1;
            let place = place.min(last);
            let place = if from_end { last - place } else { place };
            for (byte, with) in bytes[place..].iter_mut().zip(with) {
                *byte = with;
            }
        }
        bytes.truncate(cut.unwrap_or(usize::MAX));
        let _ = read(&bytes);
    }

    #[test]
    fn any_bytes_are_read_or_refused(bytes in vec(any::<u8>(), 0..400)) {
        let _ = read(&bytes);
        let _ = read(&legacy(&[b"\x80\x02", &bytes[..]].concat()));
        let _ = read(&[b"PK\x03\x04", &bytes[..]].concat());
    }
}

#[test]
fn a_file_that_is_cut_short_anywhere_is_refused() {
    for whole in [SAFE_TENSORS, ZIP, LEGACY] {
        for length in (0..whole.len()).step_by(7) {
            assert!(read(&whole[..length]).is_err(), "{length}");
        }
    }
}

#[test]
fn tensors_are_read_by_their_strides() {
    let bytes: Vec<u8> = (0..6u8).flat_map(|n| f32::from(n).to_le_bytes()).collect();
    let transposed = Stored::new(Kind::F32, vec![3, 2], vec![1, 3], 0, 6, 0).unwrap();
    assert_eq!(
        transposed.numbers(&bytes).unwrap(),
        [0.0, 3.0, 1.0, 4.0, 2.0, 5.0]
    );
    let second_row = Stored::new(Kind::F32, vec![3], vec![1], 0, 6, 3).unwrap();
    assert_eq!(second_row.numbers(&bytes).unwrap(), [3.0, 4.0, 5.0]);
    assert!(Stored::new(Kind::F32, vec![3], vec![1], 0, 6, 4).is_err());
    assert!(Stored::new(Kind::F32, vec![7], vec![0], 0, 6, 0).is_err());
    let half = Stored::new(Kind::F16, vec![2], vec![1], 0, 2, 0).unwrap();
    assert_eq!(half.numbers(&[0, 0x3c, 0, 0xc0]).unwrap(), [1.0, -2.0]);
    let brain = Stored::new(Kind::Bf16, vec![2], vec![1], 0, 2, 0).unwrap();
    assert_eq!(brain.numbers(&[0x80, 0x3f, 0, 0xc0]).unwrap(), [1.0, -2.0]);
}
