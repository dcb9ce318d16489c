//! What the system tells of a process.

use std::fs;
use std::time::Duration;

/// Ticks of the processor clock in a second, as Linux tells them to every program.
const TICKS: u64 = 100;

/// The processor time of a process so far, with that of its children that ended. Zero if it is gone.
pub fn processor(id: u32) -> Duration {
    let text = fs::read_to_string(format!("/proc/{id}/stat")).unwrap_or_default();
    // The name of the program may hold anything, a bracket too; behind the last one stand numbers only.
    let numbers = text.rsplit_once(')').map_or("", |(_, rest)| rest);
    let ticks = numbers.split_whitespace().skip(11).take(4).filter_map(|word| word.parse::<u64>().ok());
    Duration::from_millis(ticks.sum::<u64>() * 1_000 / TICKS)
}

/// The processor time of a process and of all its children.
pub fn processor_of_all(id: u32) -> Duration {
    children(id).into_iter().chain([id]).map(processor).sum()
}

/// The processes that this one started and that still run.
pub fn children(id: u32) -> Vec<u32> {
    let lists = fs::read_dir(format!("/proc/{id}/task")).into_iter().flatten().flatten();
    let lists = lists.filter_map(|task| fs::read_to_string(task.path().join("children")).ok());
    lists
        .flat_map(|list| list.split_whitespace().filter_map(|word| word.parse().ok()).collect::<Vec<u32>>())
        .collect()
}

/// Bytes of memory that a process holds now. Zero if it is gone.
pub fn memory(id: u32) -> u64 {
    let text = fs::read_to_string(format!("/proc/{id}/status")).unwrap_or_default();
    let line = text.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    let kib = line.and_then(|rest| rest.split_whitespace().next()).and_then(|word| word.parse::<u64>().ok());
    kib.unwrap_or_default() * 1_024
}

/// How long this thread was on a processor so far: on a machine with other work to do, time that passes is no
/// measure of work.
pub fn this_thread() -> Duration {
    let text = fs::read_to_string("/proc/thread-self/schedstat").unwrap_or_default();
    Duration::from_nanos(text.split(' ').next().and_then(|word| word.parse().ok()).unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn this_process_has_memory_and_uses_the_processor() {
        let before = this_thread();
        assert!((0..1_000_000_u64).map(std::hint::black_box).sum::<u64>() > 0);
        assert!(this_thread() > before);
        assert!(memory(std::process::id()) > 1 << 20);
        assert_eq!((processor(0), memory(0)), (Duration::ZERO, 0));
    }
}
