//! Charts as files: the right ones, whole, of the size asked for.

use std::fs;

use super::{Bench, hyperlab};

fn names(bench: &Bench, folder: &str) -> Vec<String> {
    let entries = fs::read_dir(bench.path(folder)).unwrap();
    let mut names: Vec<String> = entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    names
}

/// A file of the small scenario after its three outer steps and one more inner run.
fn named(chart: &str, extension: &str) -> String {
    format!("scenario-{chart}-outer3-inner12.{extension}")
}

#[test]
fn nothing_is_replaced_unless_it_is_asked_for() {
    let bench = Bench::new();
    let out = bench.path("figures");
    let arguments = ["export", "SCENARIO", "--chart", "losses", "--format", "csv", "--out", out.to_str().unwrap()];
    bench.run(&arguments).done();
    let first = out.join(named("losses", "csv"));
    fs::write(&first, "mine").unwrap();
    let printed = bench.run(&arguments).done();
    assert!(printed.contains("-outer3-inner12-2.csv") && fs::read(&first).unwrap() == b"mine", "{printed}");
    assert_eq!(names(&bench, "figures").len(), 4);
    bench.run(&[&arguments[..], &["--force"]].concat()).done();
    assert_eq!(names(&bench, "figures").len(), 4);
    assert!(fs::read_to_string(&first).unwrap().starts_with("trial,quantity,shape,x: outer step,y: mean loss,"));
}

#[test]
fn what_does_not_apply_is_left_out_with_its_reason() {
    let bench = Bench::new();
    let out = bench.path("figures");
    let common = ["--format", "csv", "--out", out.to_str().unwrap()];
    let ran = bench.run(&[&["export", "SCENARIO", "--chart", "losses,pixels,student-values"], &common[..]].concat());
    assert_eq!(names(&bench, "figures"), [named("comparison", "csv"), named("losses", "csv")]);
    assert!(ran.err.contains("left out `pixels`: no pictures here"), "{}", ran.err);
    assert!(ran.err.contains("left out `student-values`: every trial has one student"), "{}", ran.err);
    let gap = bench.run(&[&["export", "SCENARIO", "--chart", "overfitting,gap"], &common[..]].concat());
    assert!(gap.err.contains("left out `gap`: there are no test rows"), "{}", gap.err);
    let said = bench.run(&[&["export", "SCENARIO", "--chart", "pixels"], &common[..]].concat()).refused();
    assert!(said.contains("no pictures here") && said.contains("none of the charts named"), "{said}");
    // Nothing of what was named is nothing at all: no table is left that nobody asked for.
    let empty = bench.path("empty");
    let nothing = ["export", "SCENARIO", "--chart", "pixels", "--format", "csv", "--out", empty.to_str().unwrap()];
    bench.run(&nothing).refused();
    assert_eq!(names(&bench, "empty"), Vec::<String>::new());
}

#[test]
fn pictures_for_print_have_their_size_in_inches_and_say_where_they_are_from() {
    let bench = Bench::new();
    let out = bench.path("figures");
    let draw = |format: &str, size: &str, theme: &str| {
        let arguments = ["export", "SCENARIO", "--chart", "hypergradient-error", "--out", out.to_str().unwrap()];
        let more = ["--format", format, "--size", size, "--theme", theme, "--force"];
        bench.run(&[&arguments[..], &more].concat()).done();
        fs::read(out.join(named("hypergradient-error", format))).unwrap()
    };
    let svg = String::from_utf8(draw("svg", "single-column", "light")).unwrap();
    assert!(svg.contains("<svg width=\"3.5in\""), "{}", &svg[..200]);
    for words in ["Scenario `scenario`, seed", "inner run at λ of outer step 3", "truth: the exact ∇F(λ)"] {
        let said: String =
            svg.split("</text>").filter_map(|part| part.rsplit('>').next()).collect::<Vec<_>>().join(" ");
        let said = said.split_whitespace().collect::<Vec<_>>().join(" ");
        assert!(said.contains(words), "{words} is not in {said}");
    }
    let png = draw("png", "single-column", "light");
    let place = png.windows(4).position(|part| part == b"pHYs").unwrap();
    let per_metre = u32::from_be_bytes(png[place + 4..place + 8].try_into().unwrap());
    assert_eq!((f64::from(per_metre) * 0.0254).round() as u32, 300);
    let dark = String::from_utf8(draw("svg", "slide", "dark")).unwrap();
    assert!(dark.contains("#101216"), "{}", &dark[..600]);
}

#[test]
fn every_chart_is_written_and_every_path_is_printed() {
    let bench = Bench::new();
    let out = bench.path("new/figures");
    let out = out.to_str().unwrap();
    let list = hyperlab(&["list", "charts", "--json"]).json();
    // What has to be measured is drawn where the scenario means it to be.
    let offered = list["charts"].as_array().unwrap().iter().filter(|item| item["finding"].is_null());
    let ids: Vec<String> = offered.map(|item| item["id"].as_str().unwrap().to_owned()).collect();
    assert!(ids.len() > 5, "{ids:?}");
    let mut drawn = 0;
    for (format, start) in [("svg", &b"<svg"[..]), ("csv", b"trial,"), ("png", b"\x89PNG\r\n\x1a\n")] {
        let arguments = ["export", "SCENARIO", "--format", format, "--out", out, "--outer-steps", "2"];
        let printed = bench.run(&arguments).done();
        let name = |id: &str| format!("scenario-{id}-outer2-inner12.{format}");
        let is_drawn = |id: &&String| printed.contains(&format!("/{}", name(id)));
        drawn = ids.iter().filter(is_drawn).count();
        // What this scenario has nothing of is left out, unless it is asked for by name.
        assert!(drawn > 8 && !printed.contains("suspicious-digits"), "{printed}");
        for id in ids.iter().filter(is_drawn) {
            let path = bench.path(&format!("new/figures/{}", name(id)));
            assert!(printed.lines().any(|line| line == path.to_str().unwrap()), "{printed}");
            let bytes = fs::read(&path).unwrap();
            assert!(bytes.starts_with(start) || bytes.windows(4).take(200).any(|part| part == start), "{id} {format}");
        }
    }
    // Beside the charts lie the trials, side by side, once for all formats. Nothing else is left behind, also when files are replaced.
    let again = ["export", "SCENARIO", "--format", "svg", "--out", out, "--outer-steps", "2", "--force"];
    bench.run(&again).done();
    assert_eq!(names(&bench, "new/figures").len(), 3 * drawn + 1);
}

#[test]
fn a_picture_has_the_size_asked_for_and_only_the_charts_named() {
    let bench = Bench::new();
    let out = bench.path("figures");
    let arguments = ["export", "SCENARIO", "--chart", "losses", "cosine", "--format", "png", "--size", "400x300"];
    bench.run(&[&arguments[..], &["--out", out.to_str().unwrap()]].concat()).done();
    assert_eq!(names(&bench, "figures"), [named("comparison", "csv"), named("cosine", "png"), named("losses", "png")]);
    let bytes = fs::read(out.join(named("losses", "png"))).unwrap();
    let side = |at: usize| u32::from_be_bytes(bytes[at..at + 4].try_into().unwrap());
    assert_eq!((side(16), side(20)), (400, 300));
}

#[test]
fn the_same_scenario_gives_the_same_files() {
    let bench = Bench::new();
    let written = |folder: &str| {
        let out = bench.path(folder);
        bench.run(&["export", "SCENARIO", "--chart", "hypergradient-error", "--out", out.to_str().unwrap()]).done();
        fs::read(out.join(named("hypergradient-error", "svg"))).unwrap()
    };
    assert!(written("first") == written("second"));
}

#[test]
fn with_no_outer_steps_the_run_at_the_start_is_drawn() {
    let bench = Bench::new();
    let out = bench.path("figures");
    let arguments = ["export", "SCENARIO", "--chart", "super-efficiency", "--format", "csv", "--outer-steps", "0"];
    bench.run(&[&arguments[..], &["--out", out.to_str().unwrap()]].concat()).done();
    let text = fs::read_to_string(out.join("scenario-super-efficiency-outer0-inner12.csv")).unwrap();
    let probe = bench.run(&["probe", "super-efficiency", "SCENARIO", "--json"]).json();
    for row in probe["trials"][0]["rows"].as_array().unwrap().iter().skip(1) {
        let error = row["error"].as_f64().unwrap();
        assert!(text.contains(&format!("{error:?}")), "{error:?} is not in\n{text}");
    }
}

#[test]
fn places_and_sizes_that_cannot_be_are_refused() {
    let bench = Bench::new();
    let below_a_file = bench.path("rows.csv/figures");
    let said = bench.run(&["export", "SCENARIO", "--out", below_a_file.to_str().unwrap()]).refused();
    assert!(said.contains("rows.csv/figures` cannot be written"), "{said}");
    // A folder where a file should go.
    let name = named("losses", "svg");
    fs::create_dir_all(bench.path(&format!("figures/{name}"))).unwrap();
    let out = bench.path("figures");
    let arguments = ["export", "SCENARIO", "--chart", "losses", "--force", "--out", out.to_str().unwrap()];
    let said = bench.run(&arguments).refused();
    assert!(said.contains(&format!("{name}` cannot be written")), "{said}");
    assert_eq!(names(&bench, "figures"), [name]);
    for size in ["400", "0x0", "99999x400", "400x-3", "axb"] {
        let said = bench.run(&[&arguments[..], &["--size", size]].concat()).refused();
        assert!(said.contains("WIDTHxHEIGHT"), "{said}");
    }
    assert!(hyperlab(&["export", "quadratic"]).refused().contains("--out"));
}

#[test]
fn what_has_to_be_measured_is_measured_where_it_is_meant() {
    let bench = Bench::new();
    let out = bench.path("figures");
    let study = "study=Study(training: 4, validation: 2, sweep: Sweep(path: \"inner.steps\", values: [\"1\", \"3\"]))";
    let common = ["--format", "csv", "--outer-steps", "1", "--out", out.to_str().unwrap()];
    let said = bench.run(&[&["export", "SCENARIO", "--chart", "bias-variance-sweep"], &common[..]].concat()).refused();
    assert!(said.contains("`study.sweep` is missing"), "{said}");
    let with_study = [&["export", "SCENARIO", "--set", study], &common[..]].concat();
    let printed = bench.run(&with_study).done();
    assert!(printed.contains("bias-variance-outer1") && printed.contains("bias-variance-sweep-outer1"), "{printed}");
    let bars = fs::read_to_string(out.join("scenario-bias-variance-outer1-inner12.csv")).unwrap();
    assert!(bars.contains(",bias²,bars,") && bars.contains(",± 1 standard error,whiskers,"), "{bars}");
    let curves = fs::read_to_string(out.join("scenario-bias-variance-sweep-outer1-inner12.csv")).unwrap();
    assert!(curves.contains(",line,1.0,") && curves.contains(",line,3.0,"), "{curves}");
}

/// The points drawn are those that the run itself reports.
#[test]
fn any_metric_is_drawn_against_any_clock() {
    let bench = Bench::new();
    let out = bench.path("figures");
    let charts =
        ["export", "SCENARIO", "--chart", "metric(relative-error, calls)", "metric(lambda[1] error, inner),losses"];
    bench.run(&[&charts[..], &["--format", "csv", "--out", out.to_str().unwrap()]].concat()).done();
    let charts = ["comparison", "losses", "metric-lambda-1-error-inner", "metric-relative-error-calls"];
    let files = charts.map(|chart| named(chart, "csv"));
    assert_eq!(names(&bench, "figures"), files);
    let run = bench.run(&["run", "SCENARIO", "--json"]).json();
    let read = |file: &str| -> Vec<(f64, f64)> {
        let text = fs::read_to_string(out.join(file)).unwrap();
        let rows: Vec<csv::StringRecord> =
            csv::Reader::from_reader(text.as_bytes()).records().collect::<Result<_, _>>().unwrap();
        rows.iter().map(|row| (row[3].parse().unwrap(), row[4].parse().unwrap())).collect()
    };
    let steps = |trial: usize| run["trials"][trial]["steps"].as_array().unwrap();
    let expected = |of: &dyn Fn(&serde_json::Value) -> (f64, f64)| -> Vec<Vec<(f64, f64)>> {
        (0..2).map(|trial| steps(trial).iter().map(of).collect()).collect()
    };
    let number = |value: &serde_json::Value| value.as_f64().unwrap();
    let errors = expected(&|step| (number(&step["metrics"]["calls"]), number(&step["relative_error"])));
    assert_eq!(read(&files[3]), errors.concat());
    let inner = |step: &serde_json::Value| number(&step["metrics"]["total_inner_steps"]);
    let lambda = expected(&|step| (inner(step), number(&step["lambda"][1])));
    let error = expected(&|step| (inner(step), number(&step["error"])));
    assert_eq!(read(&files[2]), [&lambda[0][..], &error[0], &lambda[1], &error[1]].concat());
}

#[test]
fn a_chart_of_a_metric_that_is_none_is_refused_with_its_place_or_the_nearest() {
    let out = ["--out", "unused"];
    let refused =
        |chart: &str| Bench::new().run(&[&["export", "SCENARIO", "--chart", chart], &out[..]].concat()).refused();
    assert!(refused("metric(cosin, calls)").contains("did you mean `cosine`?"));
    assert!(refused("metric(cosine, call)").contains("did you mean `calls`?"));
    assert!(refused("loses").contains("did you mean `losses`?"));
    let said = |chart: &str| {
        let bench = Bench::with("charts: [\"losses\"]", &format!("charts: [\"losses\", \"{chart}\"]"));
        bench.run(&["check", "SCENARIO"]).err
    };
    assert!(
        said("metric(f1, calls)").contains("scenario.ron:14:24: error: `f1` cannot be had here"),
        "{}",
        said("metric(f1, calls)")
    );
    assert!(said("metric(cosin, calls)").contains("14:24") && said("metric(cosin, calls)").contains("`cosine`"));
    let fine = Bench::with("charts: [\"losses\"]", "charts: [\"metric(cosine, calls)\", \"metric(error, run)\"]");
    assert_eq!(fine.run(&["check", "SCENARIO"]).code, 0);
}

#[test]
fn a_palette_colours_the_trials_and_one_that_is_not_there_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().display().to_string();
    let export = |palette: &str| {
        let arguments =
            ["export", "quadratic", "--chart", "hyperparameters", "--palette", palette, "--force", "--out", &out];
        std::process::Command::new(env!("CARGO_BIN_EXE_hyperlab")).args(arguments).output().unwrap()
    };
    // The first colours of each, as they are published.
    for (palette, blue) in [("okabe-ito", "#0072B2"), ("tol-bright", "#4477AA"), ("petroff-8", "#1845FB")] {
        let output = export(palette);
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        let file = std::fs::read_dir(folder.path()).unwrap().next().unwrap().unwrap().path();
        assert!(std::fs::read_to_string(&file).unwrap().contains(blue), "{palette}");
    }
    let output = export("tol-brigth");
    assert_eq!(output.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&output.stderr).contains("did you mean `tol-bright`?"));
}

/// Counts have no halves, and a caption names the last outer step that is drawn: λ stands where the last step led to, an error
/// where the step began.
#[test]
fn axes_of_counts_and_captions_say_what_is_drawn() {
    let folder = tempfile::tempdir().unwrap();
    let drawn = |scenario: &str, chart: &str| {
        let out = folder.path().join(chart.split('(').next().unwrap());
        let out = out.to_str().unwrap();
        hyperlab(&["export", scenario, "--outer-steps", "3", "--inner-steps", "5", "--chart", chart, "--out", out])
            .done();
        let mut files = std::fs::read_dir(out).unwrap().map(|entry| entry.unwrap().path());
        std::fs::read_to_string(files.find(|path| path.extension().is_some_and(|ending| ending == "svg")).unwrap())
            .unwrap()
    };
    let supports = drawn("lasso", "metric(support, outer)");
    let texts = supports.split('>').filter_map(|rest| rest.split('<').next()).map(str::trim);
    let numbers: Vec<f64> = texts.filter_map(|text| text.parse().ok()).collect();
    assert!(numbers.len() > 3 && numbers.iter().all(|number| number.fract() == 0.0), "{numbers:?}");
    assert!(drawn("quadratic", "outer-error").contains("outer steps 0 to 2"));
    assert!(drawn("quadratic", "hyperparameters").contains("outer steps 0 to 3"));
}
