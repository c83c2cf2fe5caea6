/** A partition on its way into another data directory: its records are copied, then its actor goes. */
@NullMarked
package io.aeon.broker.partition.move;

import org.jspecify.annotations.NullMarked;
