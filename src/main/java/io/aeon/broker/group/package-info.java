/** The group coordinators and the offsets topic. */
@NullMarked
package io.aeon.broker.group;

import org.jspecify.annotations.NullMarked;
