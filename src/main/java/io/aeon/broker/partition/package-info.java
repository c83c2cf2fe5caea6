/** One partition as the other rooms see it: the messages to its actor, and how it is found and watched. */
@NullMarked
package io.aeon.broker.partition;

import org.jspecify.annotations.NullMarked;
