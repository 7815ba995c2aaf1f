package lossmith.report;

/** What is asked of a page in the browser. */
final class Scripts {
  /** Characters of the page that look like one that no font has. */
  static final String MISSING_GLYPHS =
      """
      const canvas = document.createElement('canvas');
      canvas.width = canvas.height = 40;
      const context = canvas.getContext('2d', { willReadFrequently: true });
      const look = (text, font) => {
        context.clearRect(0, 0, 40, 40);
        context.font = '24px ' + font;
        context.fillText(text, 4, 30);
        return context.getImageData(0, 0, 40, 40).data.join();
      };
      const found = new Set();
      const seen = new Set();
      const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
      while (walker.nextNode()) {
        const parent = walker.currentNode.parentElement;
        if (parent.closest('script, style')) continue;
        const font = getComputedStyle(parent).fontFamily;
        for (const character of walker.currentNode.data) {
          if (/\\s/.test(character) || seen.has(font + character)) continue;
          seen.add(font + character);
          if (look(character, font) === look('\\u{10FFFE}', font)) found.add(character);
        }
      }
      return [...found].join('');
      """;

  /** Texts whose contrast against what is behind them is below 4.5, the least of WCAG AA. */
  static final String FAINT_TEXT =
      """
      const parts = text => (text.match(/[0-9.]+/g) || [0, 0, 0, 0]).map(Number);
      const light = rgb => rgb.slice(0, 3).map(x => x / 255)
        .map(x => x <= 0.03928 ? x / 12.92 : ((x + 0.055) / 1.055) ** 2.4)
        .reduce((sum, x, i) => sum + x * [0.2126, 0.7152, 0.0722][i], 0);
      const behind = node => {
        const layers = [];
        for (let at = node; at; at = at.parentElement) layers.push(parts(getComputedStyle(at).backgroundColor));
        return layers.reverse().reduce((under, over) => {
          const alpha = over.length > 3 ? over[3] : 1;
          return under.map((x, i) => x * (1 - alpha) + over[i] * alpha);
        }, [255, 255, 255]);
      };
      const found = new Set();
      for (const node of document.querySelectorAll('h1, h2, p, li, th, td, label, button, select, figcaption, small, summary, .text span')) {
        if (!node.innerText || !node.getClientRects().length) continue;
        const [a, b] = [light(parts(getComputedStyle(node).color)), light(behind(node))].sort((x, y) => y - x);
        if ((a + 0.05) / (b + 0.05) < 4.5) found.add(node.tagName + ' ' + node.innerText.slice(0, 30));
      }
      return [...found].join('; ');
      """;

  /** The places of charts that are all of one colour. */
  static final String EMPTY_CHARTS =
      """
      return [...document.querySelectorAll('.chart canvas')].map((canvas, i) => {
        // Of a copy: the browser complains of a picture that is drawn to and read by turns.
        const copy = new OffscreenCanvas(canvas.width, canvas.height).getContext('2d', { willReadFrequently: true });
        copy.drawImage(canvas, 0, 0);
        const data = copy.getImageData(0, 0, canvas.width, canvas.height).data;
        const colours = new Set();
        for (let at = 0; at < data.length; at += 4) if (data[at + 3] > 200) colours.add(data[at] + ',' + data[at + 1] + ',' + data[at + 2]);
        return colours.size > 3 ? -1 : i;
      }).filter(i => i >= 0);
      """;

  /** All charts as one text. */
  static final String PICTURE =
      "return [...document.querySelectorAll('#charts canvas')].map(c => c.toDataURL()).join();";

  /** What is said first of the first response. */
  static final String FIRST_ROW = "return document.querySelector('.response h3 span').innerText;";

  /** The colours of all tokens. */
  static final String COLOURS =
      "return [...document.querySelectorAll('.text span[data-at]')].map(s =>"
          + " s.style.background).join();";

  /** What is said where the pointer is on the fourth token of the first response. */
  static final String HOVER =
      "document.querySelectorAll('#responses .text span')[3]"
          + ".dispatchEvent(new PointerEvent('pointerover', { bubbles: true }));"
          + "return document.getElementById('tip').innerText;";

  /** What is said where the keyboard has gone to the fourth token of the first response. */
  static final String KEYS =
      """
      document.querySelector('#responses .text span').focus();
      for (let i = 0; i < 3; i++)
        document.activeElement.dispatchEvent(new KeyboardEvent('keydown', { key: 'ArrowRight', bubbles: true }));
      return document.getElementById('tip').innerText;
      """;

  /**
   * The headings of tables that are wider than their place, which numbers may be on a narrow
   * screen.
   */
  static final String WIDE_TABLES =
      """
      const heading = place => place.closest('section').querySelector('h2').innerText;
      return [...document.querySelectorAll('section > .scroll')]
        .filter(place => innerWidth > 1000 || heading(place) === 'What differs')
        .filter(place => place.scrollWidth > place.clientWidth)
        .map(heading);
      """;

  /** How far what is said in the middle of the first chart stands out of the window. */
  static final String SAID_OUTSIDE =
      """
      const place = document.querySelector('#charts .u-over'), at = place.getBoundingClientRect();
      const here = { bubbles: true, clientX: at.left + at.width / 2 - 2, clientY: at.top + at.height / 2 };
      // No pointer is there, so :hover would not match.
      place.matches = () => true;
      ['mouseenter', 'mousemove'].forEach(name => place.dispatchEvent(new MouseEvent(name, here)));
      return new Promise(done => setTimeout(() => {
        const box = place.querySelector('.over'), edge = box.getBoundingClientRect();
        done(box.hidden ? 'hidden' : Math.max(0, -edge.left, edge.right - document.documentElement.clientWidth));
      }, 100));
      """;

  /** The titles of the curves' charts that have room below 0, drawn anew. */
  static final String BELOW_ZERO =
      """
      const made = [], Plain = uPlot;
      window.uPlot = Object.assign(function (...all) {
        const chart = new Plain(...all);
        made.push(chart);
        return chart;
      }, Plain);
      setTheme('light');
      window.uPlot = Plain;
      // A chart has its scales when the script that made it is over.
      return new Promise(done => setTimeout(() => done(
        made.filter(chart => chart.root.closest('#charts') && chart.scales.y.min < 0)
          .map(chart => chart.root.closest('figure').querySelector('figcaption').firstChild.data.trim()))));
      """;

  private Scripts() {}

  /** Chooses from a list, as a reader does. */
  static String chosen(String list, String value) {
    return "{ const list = document.getElementById('"
        + list
        + "'); list.value = '"
        + value
        + "'; list.dispatchEvent(new Event('change')); }";
  }
}
