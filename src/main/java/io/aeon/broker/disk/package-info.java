/** The data directories and their disks: which holds a partition, their free space, and whether they respond. */
@NullMarked
package io.aeon.broker.disk;

import org.jspecify.annotations.NullMarked;
