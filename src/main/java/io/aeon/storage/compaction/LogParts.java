package io.aeon.storage.compaction;

import io.aeon.storage.file.LogEnvironment;
import io.aeon.storage.producer.LogProducers;
import io.aeon.storage.segment.LeaderEpochs;
import io.aeon.storage.segment.LogDirectory;
import io.aeon.storage.segment.Segments;

/** The parts of one log that compaction uses. */
public record LogParts(
        Segments segments,
        LeaderEpochs epochs,
        LogProducers producers,
        CleanState state,
        LogDirectory directory,
        LogEnvironment environment) {}
