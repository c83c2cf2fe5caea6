/**
 * One step of a group: the answers, the records and the searches that come out of it, and the appends that are on their
 * way to the log.
 */
@NullMarked
package io.aeon.coordinator.group.step;

import org.jspecify.annotations.NullMarked;
