/** The metrics that clients push (KIP-714): who is asked for which, how often, and what came last. */
@NullMarked
package io.aeon.api.telemetry;

import org.jspecify.annotations.NullMarked;
