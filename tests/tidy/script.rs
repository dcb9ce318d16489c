//! Functions of a script, told by their layout: what opens on a line ends at the same indentation.

/// Every function with its name (or `=>`) and its first and last line.
pub(super) fn functions(text: &str) -> Vec<(String, usize, usize)> {
    let lines: Vec<&str> = text.lines().collect();
    let mut found = Vec::new();
    for (at, line) in lines.iter().enumerate() {
        let opens = line.trim_end().ends_with('{') && (line.contains("function") || line.contains("=>"));
        let depth = indentation(line);
        if !opens {
            continue;
        }
        let end =
            lines[at + 1..].iter().position(|l| l.trim_start().starts_with('}') && indentation(l) == depth);
        found.push((name(line), at + 1, end.map_or(lines.len(), |n| at + n + 2)));
    }
    found
}

fn indentation(line: &str) -> usize {
    line.len() - line.trim_start().len()
}

fn name(line: &str) -> String {
    let after = line.split_once("function").map_or("", |(_, rest)| rest.trim_start());
    let name: String = after.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect();
    if name.is_empty() { "=>".into() } else { name }
}

#[test]
fn script_functions_are_found() {
    let text = "function a() {\n  b.forEach((c) => {\n    d();\n  });\n}\nconst e = () => {\n};\n";
    let expected = [("a".to_owned(), 1, 5), ("=>".to_owned(), 2, 4), ("=>".to_owned(), 6, 7)];
    assert_eq!(functions(text), expected);
}
