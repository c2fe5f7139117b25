// Questions to the server. While one drags, at most one question is under way, and the newest
// setting follows it; an answer older than what is drawn is thrown away.
"use strict";

(() => {
  const SOON = 400; // milliseconds
  const PAUSES = [500, 1000, 2000, 4000, 8000]; // before a server that is busy is asked again
  const BUSY = 503;
  amnok.busy = "Too many are waiting: asking again";
  // The server answers the newest question of each client only.
  const client = amnok.client = Array.from(crypto.getRandomValues(new Uint8Array(12)),
    (byte) => byte.toString(16).padStart(2, "0")).join("");

  // The response to `question()`, which is put anew, as it then is, while the server is busy.
  const responded = async (address, question, onprogress, signal) => {
    const put = () => fetch(address, {
      method: "POST", signal, headers: { "content-type": "application/json" },
      body: JSON.stringify({ client, ...question() }),
    });
    for (const pause of PAUSES) {
      const response = await put();
      if (response.status !== BUSY) return response;
      onprogress(null);
      await new Promise((resolve) => setTimeout(resolve, pause));
      signal?.throwIfAborted();
    }
    return put();
  };

  // Ask, follow the progress (null while the server is busy), and give the answer; null if a newer
  // question took its place.
  const ask = async (address, question, onprogress, signal) => {
    const response = await responded(address, question, onprogress, signal);
    if (!response.ok) {
      const { faults } = await response.json().catch(() => ({ faults: [response.statusText] }));
      throw new Error(faults.join("; "));
    }
    const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
    let rest = "", answer = null;
    for (;;) {
      const { value, done } = await reader.read();
      if (done) break;
      const lines = (rest + value).split("\n");
      rest = lines.pop();
      for (const line of lines) {
        const message = JSON.parse(line);
        if (message.faults) throw new Error(message.faults.join("; "));
        if (message.progress != null) onprogress(message.progress);
        else answer = message.superseded ? null : message;
      }
    }
    return answer;
  };
  amnok.ask = ask;

  // Pictures in the order in which they were asked for. `onpicture(answer, question)`,
  // `onstate(text, share of the work done or null)`, `onproblem()` where none will come.
  amnok.pictures = (onpicture, onstate, onproblem) => {
    let newest = 0, drawn = 0, running = null, next = null;
    const start = async (question) => {
      const number = ++newest;
      const control = new AbortController();
      running = { question, control };
      const simulating = question.quality === "preview" ? "Previewing" : "Simulating";
      // Most previews are there before anyone could read that they are under way.
      let isTold = question.quality === "full";
      if (isTold) onstate(simulating, 0);
      const timer = setTimeout(() => { isTold = true; onstate(simulating, 0); }, SOON);
      const follow = (share) => {
        if (share === null) {
          clearTimeout(timer);
          isTold = true;
        }
        if (isTold) onstate(share === null ? amnok.busy : simulating, share);
      };
      const newestBody = () => {
        next = null; // is of the same setting
        return question.asked = question.body();
      };
      let answer = null, problem = "";
      try {
        answer = await ask(question.body().story ? "/api/view" : "/api/picture", newestBody, follow, control.signal);
      } catch (error) {
        if (error.name !== "AbortError") problem = `Cannot simulate this: ${error.message}`;
      }
      clearTimeout(timer);
      if (running && running.control === control) running = null;
      if (next && !running) { // before this one is drawn: the server works meanwhile
        const following = next;
        next = null;
        start(following);
      }
      if (answer && number > drawn) {
        drawn = number;
        onpicture(answer, question);
      }
      if (running || number < newest) return;
      onstate(problem, null);
      if (problem) onproblem();
    };
    return (quality, body) => {
      const question = { quality, sent: performance.now(),
        body: () => ({ ...body(), quality }) };
      if (!running) return start(question);
      next = question;
      // All replicates of an old setting are of no use; a preview under way still shows the way.
      if (running.question.quality === "full" || quality === "full") {
        running.control.abort();
        running = null;
        next = null;
        start(question);
      }
    };
  };
})();
