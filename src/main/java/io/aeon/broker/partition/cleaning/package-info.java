/** Which partitions are compacted next. */
@NullMarked
package io.aeon.broker.partition.cleaning;

import org.jspecify.annotations.NullMarked;
