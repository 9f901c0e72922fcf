//! The order in which a compiled model holds its 8-bit weights, so that the engine multiplies them
//! as they lie.
//!
//! Panel *p* holds the rows 16 *p* … 16 *p* + 15 of a matrix; in it, for each group of four
//! columns, the four weights of each of the 16 rows. Rows past the last are zero. One load gives a
//! vector instruction what it multiplies: 64 bytes with AVX-512, 32 with AVX2, 16 with NEON.

/// Rows of a matrix in a panel: outputs that are computed side by side.
pub const PANEL: usize = 16;
/// Columns of a row that lie side by side in a panel.
pub const GROUP: usize = 4;

/// Packs row-major weights, `columns` (a multiple of [`GROUP`]) in a row, into panels.
pub fn pack(weights: &[i8], columns: usize) -> Vec<i8> {
    let mut packed = Vec::new();
    pack_rows(weights.chunks_exact(columns), columns, &mut packed);
    packed
}

/// Packs rows of `columns` weights into panels, in the place of what `packed` held.
pub fn pack_rows<'a>(
    mut rows: impl ExactSizeIterator<Item = &'a [i8]>,
    columns: usize,
    packed: &mut Vec<i8>,
) {
    let groups = columns / GROUP;
    packed.clear();
    packed.reserve(rows.len().next_multiple_of(PANEL) * columns);
    let zeros = vec![[0; GROUP]; groups];
    while rows.len() > 0 {
        let panel: [&[[i8; GROUP]]; PANEL] = std::array::from_fn(|_| {
            let row = rows.next().map_or(&*zeros, |row| row.as_chunks().0);
            &row[..groups]
        });
        for group in 0..groups {
            let mut side_by_side = [[0; GROUP]; PANEL];
            for (four, row) in side_by_side.iter_mut().zip(panel) {
                *four = row[group];
            }
            packed.extend_from_slice(side_by_side.as_flattened());
        }
    }
}
