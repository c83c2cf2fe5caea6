package io.aeon.storage;

/** What the works of one log share. */
record LogParts(
        Segments segments,
        LeaderEpochs epochs,
        LogProducers producers,
        LogSync sync,
        LogDirectory directory,
        LogEnvironment environment) {}
