/** The directory of a partition, and its way into another data directory. */
@NullMarked
package io.aeon.broker.partition.directory;

import org.jspecify.annotations.NullMarked;
