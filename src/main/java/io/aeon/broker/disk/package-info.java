/** The disk that all partitions share: its free space, and whether it responds. */
@NullMarked
package io.aeon.broker.disk;

import org.jspecify.annotations.NullMarked;
