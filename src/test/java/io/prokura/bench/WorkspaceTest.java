package io.prokura.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import org.junit.jupiter.api.Test;

final class WorkspaceTest {

  @Test
  void isGoneAfterwardsWithAllThatIsInIt() throws IOException {
    var workspace = Workspace.open();
    Files.createDirectories(workspace.data());
    Files.writeString(workspace.data().resolve("prokura.db"), "pages");

    workspace.close();

    assertThat(workspace.folder()).doesNotExist();
  }

  @Test
  void saysInOneLineThatTheDiskIsTooSmall() {
    try (var workspace = Workspace.open()) {
      assertThatThrownBy(() -> workspace.require(Long.MAX_VALUE))
          .isInstanceOf(BenchmarkFailure.class)
          .hasMessageContaining("GB of disk")
          .message()
          .doesNotContain("\n");
    }
  }
}
