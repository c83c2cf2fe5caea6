/**
 * One group: a request or an event goes to its offsets or to its members, and what waits for the log is served
 * afterwards.
 */
@NullMarked
package io.aeon.coordinator.group;

import org.jspecify.annotations.NullMarked;
