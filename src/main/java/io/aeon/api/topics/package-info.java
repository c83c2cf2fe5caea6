/** The APIs that create, change, describe and delete topics. */
@NullMarked
package io.aeon.api.topics;

import org.jspecify.annotations.NullMarked;
