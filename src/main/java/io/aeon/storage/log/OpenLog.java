package io.aeon.storage.log;

import io.aeon.storage.file.LogEnvironment;
import io.aeon.storage.producer.LogProducers;
import io.aeon.storage.segment.LeaderEpochs;
import io.aeon.storage.segment.LogDirectory;
import io.aeon.storage.segment.Segments;

/** The parts of one open log that all its changes use. */
record OpenLog(
        LogDirectory directory,
        LogEnvironment environment,
        Segments segments,
        LeaderEpochs epochs,
        LogProducers producers,
        LogSync sync) {}
