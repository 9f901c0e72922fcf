//! How a multiplication is cut into tiles, whose sums stay in registers.

use super::{Packed, Quantised};
use crate::model::packing::{GROUP, PANEL};

/// Panics unless the shapes of a multiplication fit together, so that the kernels may read and
/// write without looking.
pub(super) fn check_shapes(input: &Quantised, weights: &Packed<'_>, output: &[f32]) {
    let (rows, outputs) = (input.rows(), weights.outputs());
    assert_eq!(input.columns, weights.inputs, "inputs of the layer");
    assert_eq!(weights.inputs % GROUP, 0, "inputs in whole groups");
    assert_eq!(input.values.len(), rows * input.columns, "whole rows");
    assert_eq!(input.sums.len(), rows, "a sum for each row");
    assert_eq!(
        output.len(),
        rows * outputs,
        "a number for each row and output"
    );
    assert_eq!(weights.bias.len(), outputs, "a bias for each output");
    let offsets = weights.offsets.len();
    assert!(offsets == 0 || offsets == outputs, "an offset for each");
    let packed = outputs.next_multiple_of(PANEL) * weights.inputs;
    assert!(weights.weights.len() >= packed, "whole panels");
}

/// Multiplies tile by tile: a few panels of weights at a time over all rows, so that the weights
/// are read from memory once.
///
/// `tile::<ROWS, PANELS>(input, weights, output, first, panel)` computes the rows from `first` of
/// the panels from `panel`. Tiles are at most `$rows` high, and `$panels` or one wide; the sizes
/// that this makes possible are listed. The caller's functions have the instructions of `tile`.
macro_rules! multiply_by_tiles {
    (
        $tile:ident($input:ident, $weights:ident, $output:ident),
        $rows:expr, $panels:expr, [$(($height:literal, $width:literal))*]
    ) => {{
        let (tile_rows, tile_panels): (usize, usize) = ($rows, $panels);
        let rows = $input.rows();
        let tiles = rows.div_ceil(tile_rows);
        let panels = $weights.outputs().div_ceil($crate::model::packing::PANEL);
        let mut panel = 0;
        while panel < panels {
            let width = if panel + tile_panels <= panels { tile_panels } else { 1 };
            let mut first = 0;
            for tile in 0..tiles {
                // Tiles of nearly equal height: a last one of one row would waste the loads.
                let height = (rows - first).div_ceil(tiles - tile);
                match (height, width) {
                    // SAFETY: rows `first..first + height` and `width` panels from `panel` exist.
                    $(($height, $width) => unsafe {
                        $tile::<$height, $width>($input, $weights, $output, first, panel)
                    },)*
                    size => unreachable!("a tile of {size:?}"),
                }
                first += height;
            }
            panel += width;
        }
    }};
}
pub(super) use multiply_by_tiles;
