package io.aeon.coordinator.group;

import io.aeon.coordinator.Bytes;

/**
 * One assignor a member offers.
 *
 * @param name the assignor's name
 * @param metadata the member's subscription in that assignor's encoding
 */
public record Protocol(String name, Bytes metadata) {}
