/** The APIs that make, change, describe and remove topics. */
@NullMarked
package io.aeon.api.topics;

import org.jspecify.annotations.NullMarked;
