package io.prokura.sql;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import com.zaxxer.hikari.pool.HikariPool.PoolInitializationException;
import io.prokura.kernel.Outage;
import io.prokura.kernel.Result;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// PostgreSQL, for many nodes. Transactions are serializable; one that lost against another is run
/// again, one whose commit got no answer is not.
///
/// No call waits for ever on a server that fell silent: the connection's time-outs are a little
/// longer than those by which the server itself ends a transaction. Of several hosts in the URL the
/// one that takes writes is used, and is looked for anew whenever a connection is made.
public final class PostgresDatabase implements Database {
  private static final int ATTEMPTS_MAX = 40;

  private final HikariDataSource source;

  private PostgresDatabase(HikariDataSource source) {
    this.source = source;
  }

  /// Connects to `url` (`jdbc:postgresql://…`) with at most `connections` connections and brings
  /// the schema up to date.
  public static PostgresDatabase open(String url, int connections) {
    var config = new HikariConfig();
    config.setJdbcUrl(url);
    config.setMaximumPoolSize(connections);
    config.setConnectionTimeout(3_000);
    config.setValidationTimeout(1_000);
    config.setAutoCommit(false);
    config.setPoolName("prokura");
    config.setDataSourceProperties(properties());
    try {
      var source = new HikariDataSource(config);
      try {
        Migrations.apply(source, Dialect.POSTGRES);
        return new PostgresDatabase(source);
      } catch (RuntimeException e) {
        source.close();
        throw e;
      }
    } catch (PoolInitializationException e) {
      throw new Outage("cannot connect to the database", e);
    }
  }

  /// What the driver is told unless the URL says otherwise; times in seconds. A commit is answered
  /// when it is durable, on a synchronous standby too, whatever is usual on that server.
  private static Properties properties() {
    var properties = new Properties();
    properties.setProperty(
        "options", "-c transaction_timeout=15s -c lock_timeout=5s -c synchronous_commit=on");
    properties.setProperty("prepareThreshold", "1");
    properties.setProperty("connectTimeout", "3");
    properties.setProperty("loginTimeout", "10");
    properties.setProperty("socketTimeout", "20");
    properties.setProperty("tcpKeepAlive", "true");
    properties.setProperty("targetServerType", "primary");
    properties.setProperty("hostRecheckSeconds", "1");
    return properties;
  }

  @Override
  public Dialect dialect() {
    return Dialect.POSTGRES;
  }

  @Override
  public <T> T inTransaction(Function<Tx, T> work) {
    var effects = new ArrayList<Runnable>();
    var result = attempt(work, effects);
    effects.forEach(Runnable::run);
    return result;
  }

  private <T> T attempt(Function<Tx, T> work, List<Runnable> effects) {
    for (int attempt = 1; ; attempt++) {
      try {
        return once(work, effects);
      } catch (SQLException e) {
        if (!lost(e) || attempt == ATTEMPTS_MAX) {
          throw new Outage("transaction failed", e);
        }
      } catch (Outage e) {
        if (!lost(e.getCause()) || attempt == ATTEMPTS_MAX) {
          throw e;
        }
      }
      LockSupport.parkNanos(Math.min(attempt, 20) * 500_000L);
    }
  }

  private <T> T once(Function<Tx, T> work, List<Runnable> effects) throws SQLException {
    try (var connection = source.getConnection()) {
      connection.setTransactionIsolation(Connection.TRANSACTION_SERIALIZABLE);
      var tx = new Tx(new Statements(connection));
      try {
        var result = work.apply(tx);
        if (result instanceof Result.Refused<?>) {
          connection.rollback();
        } else {
          connection.commit();
          effects.addAll(tx.afterCommit());
        }
        return result;
      } catch (RuntimeException | Error failure) {
        rollBack(connection, failure);
        throw failure;
      }
    }
  }

  /// A connection that is lost has rolled back by itself; what is told is why the work failed.
  private static void rollBack(Connection connection, Throwable failure) {
    try {
      connection.rollback();
    } catch (SQLException e) {
      failure.addSuppressed(e);
    }
  }

  /// Whether the transaction lost against a concurrent one and left nothing behind: serialization
  /// failure or deadlock.
  private static boolean lost(@Nullable Throwable failure) {
    return failure instanceof SQLException e
        && ("40001".equals(e.getSQLState()) || "40P01".equals(e.getSQLState()));
  }

  @Override
  public <T> T read(Function<Tx, T> work) {
    try (var connection = source.getConnection()) {
      connection.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
      connection.setReadOnly(true);
      try {
        return work.apply(new Tx(new Statements(connection)));
      } finally {
        connection.rollback();
        connection.setReadOnly(false);
      }
    } catch (SQLException e) {
      throw new Outage("read failed", e);
    }
  }

  @Override
  public void close() {
    source.close();
  }
}
