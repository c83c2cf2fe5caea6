/** One handler class per Kafka API; the list of handlers is the dispatch table and the ApiVersions answer. Wire types end here. */
@NullMarked
package io.aeon.api;

import org.jspecify.annotations.NullMarked;
