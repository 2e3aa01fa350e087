// What a browser keeps for one application: its cookies. It follows nothing by itself.
export function jar(origin) {
  const cookies = new Map();
  return async (address, form) => {
    const response = await fetch(new URL(address, origin), {
      method: form ? "POST" : "GET",
      body: form && new URLSearchParams(form),
      redirect: "manual",
      headers: {
        accept: "text/html, */*",
        cookie: [...cookies].map((one) => one.join("=")).join("; "),
      },
    });
    for (const line of response.headers.getSetCookie()) {
      const [, name, value] = /^([^=]+)=([^;]*)/.exec(line);
      cookies.set(name, value);
    }
    return response;
  };
}

/** Looks until `holds`, for `within` milliseconds at most; false when it never did. */
export async function eventually(holds, within = 20_000) {
  const until = Date.now() + within;
  while (!(await holds())) {
    if (Date.now() >= until) {
      return false;
    }
    await new Promise((done) => setTimeout(done, 100));
  }
  return true;
}
