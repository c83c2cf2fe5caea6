/**
 * Recovery of a log at its opening: which records the last checkpoint declares durable, and the check of all later
 * records.
 */
@NullMarked
package io.aeon.storage.recovery;

import org.jspecify.annotations.NullMarked;
