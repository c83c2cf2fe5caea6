/** The APIs of authentication as a listener answers them that does not authenticate. */
@NullMarked
package io.aeon.api.authentication;

import org.jspecify.annotations.NullMarked;
