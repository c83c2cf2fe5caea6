/** One handler class per Kafka API. The list of handlers is both the dispatch table and the answer to ApiVersions. */
@NullMarked
package io.aeon.api;

import org.jspecify.annotations.NullMarked;
