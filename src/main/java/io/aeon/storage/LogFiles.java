package io.aeon.storage;

/** The file operations a log uses; the seam where tests inject faults. */
public interface LogFiles {}
