package io.aeon.coordinator.group;

import io.aeon.coordinator.Bytes;

/**
 * One assignor that a member supports.
 *
 * @param name the assignor's name
 * @param metadata the member's subscription in the encoding of this assignor
 */
public record Protocol(String name, Bytes metadata) {}
