/** The API that describes the producers of a partition. */
@NullMarked
package io.aeon.api.producers;

import org.jspecify.annotations.NullMarked;
