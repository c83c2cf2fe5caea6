/** The parts that are specific to group coordinators: the offsets topic, and the ends of transactions in it. */
@NullMarked
package io.aeon.broker.group;

import org.jspecify.annotations.NullMarked;
