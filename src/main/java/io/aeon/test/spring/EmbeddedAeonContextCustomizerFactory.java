package io.aeon.test.spring;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.test.context.ContextConfigurationAttributes;
import org.springframework.test.context.ContextCustomizer;
import org.springframework.test.context.ContextCustomizerFactory;
import org.springframework.test.context.TestContextAnnotationUtils;

/** Finds {@link EmbeddedAeon} on a test class. Spring creates it by {@code META-INF/spring.factories}. */
public final class EmbeddedAeonContextCustomizerFactory implements ContextCustomizerFactory {
    @Override
    public @Nullable ContextCustomizer createContextCustomizer(
            Class<?> testClass, List<ContextConfigurationAttributes> attributes) {
        EmbeddedAeon annotation = TestContextAnnotationUtils.findMergedAnnotation(testClass, EmbeddedAeon.class);
        return annotation == null ? null : new EmbeddedAeonContextCustomizer(annotation);
    }
}
