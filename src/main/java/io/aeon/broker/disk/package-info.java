/** What all partitions must know of the disk they share: its space, and whether it answers. */
@NullMarked
package io.aeon.broker.disk;

import org.jspecify.annotations.NullMarked;
