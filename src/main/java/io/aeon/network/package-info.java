/** Akka Streams TCP: framing, decoding, session order and encoding of one connection. */
@NullMarked
package io.aeon.network;

import org.jspecify.annotations.NullMarked;
