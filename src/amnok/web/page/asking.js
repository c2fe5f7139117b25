// Questions to the server. While one drags, at most one question is under way, and the newest
// setting follows it; an answer older than what is drawn is thrown away.
"use strict";

(() => {
  const SOON = 400; // milliseconds
  // The server answers the newest question of each client only.
  const client = amnok.client = Array.from(crypto.getRandomValues(new Uint8Array(12)),
    (byte) => byte.toString(16).padStart(2, "0")).join("");

  // Ask, follow the progress, and give the answer; null if a newer question took its place.
  const ask = async (address, question, onprogress, signal) => {
    const response = await fetch(address, {
      method: "POST", signal, headers: { "content-type": "application/json" },
      body: JSON.stringify({ client, ...question }),
    });
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
  // `onstate(text, share of the work done or null)`.
  amnok.pictures = (onpicture, onstate) => {
    let newest = 0, drawn = 0, running = null, next = null;
    const start = async (question) => {
      const number = ++newest;
      const control = new AbortController();
      question.asked = question.body();
      running = { question, control };
      const simulating = question.quality === "preview" ? "Previewing" : "Simulating";
      // Most previews are there before anyone could read that they are under way.
      let isTold = question.quality === "full";
      if (isTold) onstate(simulating, 0);
      const timer = setTimeout(() => { isTold = true; onstate(simulating, 0); }, SOON);
      let answer = null, problem = "";
      try {
        answer = await ask(question.asked.story ? "/api/view" : "/api/picture", question.asked,
          (share) => { if (isTold) onstate(simulating, share); }, control.signal);
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
      if (!running) onstate(problem, null);
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
