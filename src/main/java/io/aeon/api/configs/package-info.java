/** The APIs that describe and change settings. */
@NullMarked
package io.aeon.api.configs;

import org.jspecify.annotations.NullMarked;
