package io.prokura.grants;

/// The ways in which the token endpoint issues tokens, one for each `grant_type`.
public record GrantTypes(
    ClientCredentialsGrant clientCredentials,
    TokenExchangeGrant exchange,
    AuthorizationCodeGrant code,
    RefreshTokenGrant refresh,
    JwtBearerGrant jwtBearer,
    PolledGrant polled,
    VouchingGrant vouching,
    TransactionTokenGrant transactions) {}
