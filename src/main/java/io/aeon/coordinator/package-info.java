/** Pure state machines: a command and the time in, records and replies out. No Akka, no I/O. */
@NullMarked
package io.aeon.coordinator;

import org.jspecify.annotations.NullMarked;
