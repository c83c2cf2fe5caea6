package io.aeon.metadata;

/** Levels of a feature (KIP-584), both ends inclusive. */
public record FeatureRange(short min, short max) {}
