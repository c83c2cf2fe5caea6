package io.aeon.benchmarks.hostile;

/** The parts of a row's run, in their order. The good client's figures are kept for each. */
enum Phase {
    WARM_UP,
    QUIET,
    ATTACK,
    AFTER
}
