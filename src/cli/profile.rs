//! The table that `--profile` prints: what each stage of the model took.

use std::time::Duration;

use comfy_table::presets::NOTHING;
use comfy_table::{CellAlignment, Table};
use visavis::engine::profile::{Lap, Profile, Stage};

/// A row a stage and one for all, with the time of all threads together.
pub fn table(profile: &Profile) -> Table {
    let laps = Stage::ALL.map(|stage| (stage.name(), profile.of(stage)));
    let sum = |sum: Lap, (_, lap): &(&str, Lap)| Lap {
        time: sum.time + lap.time,
        multiply_adds: sum.multiply_adds + lap.multiply_adds,
    };
    let all = laps.iter().fold(Lap::default(), sum);
    let mut table = Table::new();
    table.load_style(NOTHING);
    table.set_header(["STAGE", "SECONDS", "SHARE", "10⁹ MULTIPLY-ADDS", "A SECOND"]);
    for (name, lap) in laps.into_iter().chain([("all", all)]) {
        table.add_row(cells(name, lap, all.time));
    }
    for column in table.column_iter_mut().skip(1) {
        column.set_cell_alignment(CellAlignment::Right);
    }
    table
}

fn cells(name: &str, lap: Lap, all: Duration) -> [String; 5] {
    let seconds = lap.time.as_secs_f64();
    let share = 100.0 * seconds / all.as_secs_f64().max(f64::MIN_POSITIVE);
    let billions = lap.multiply_adds as f64 / 1e9;
    let (billions, rate) = match lap.multiply_adds {
        0 => (String::new(), String::new()),
        _ => (
            format!("{billions:.2}"),
            format!("{:.1}", billions / seconds.max(1e-9)),
        ),
    };
    [
        name.to_owned(),
        format!("{seconds:.3}"),
        format!("{share:.1} %"),
        billions,
        rate,
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stages_are_told_with_their_rates() {
        let lap = Lap {
            time: Duration::from_millis(500),
            multiply_adds: 2_000_000_000,
        };
        let row = cells("output layer", lap, Duration::from_secs(2));
        assert_eq!(row, ["output layer", "0.500", "25.0 %", "2.00", "4.0"]);
        let row = cells("search", Lap::default(), Duration::ZERO);
        assert_eq!(row, ["search", "0.000", "0.0 %", "", ""]);
    }
}
