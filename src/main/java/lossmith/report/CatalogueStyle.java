package lossmith.report;

/** How the page of all objectives looks. */
final class CatalogueStyle {
  static final String TEXT =
      """
      body { font: 16px/1.45 system-ui, sans-serif; max-width: 92rem; margin: 2rem auto;
             padding: 0 1rem; color: #1c1c1a; }
      h2 { border-bottom: 1px solid #ccc; margin-top: 3rem; }
      h3 { margin: 2.2rem 0 .2rem; font-size: 1.05rem; }
      h4 { margin: 0 0 .3rem; font-size: .8rem; color: #666; font-weight: 600; }
      code { font-size: .95em; background: #eef0f4; padding: .05rem .3rem; border-radius: .2rem; }
      pre { font: 13px/1.5 ui-monospace, "DejaVu Sans Mono", monospace; white-space: pre-wrap;
            overflow-wrap: anywhere; background: #f6f6f3; padding: .6rem .8rem; margin: .3rem 0; }
      .pair { display: grid; grid-template-columns: repeat(2, minmax(0, 1fr)); gap: .8rem; }
      .systems { display: grid; grid-template-columns: repeat(2, minmax(0, 1fr)); gap: .8rem; }
      .systems section { border: 1px solid #ddd; padding: 0 .8rem .6rem; }
      .systems .formula { margin-top: .5rem; }
      .formula { background: #f8f8f5; padding: .5rem .8rem; overflow-x: auto; }
      .formula p { margin: .4rem 0; padding-left: 2rem; text-indent: -2rem; line-height: 2.1; }
      .formula p.where { color: #333; font-size: .93em; }
      .formula p.remark { color: #777; font-size: .8rem; }
      mtd { text-align: left; }
      math { text-indent: 0; font-family: "STIX Two Math", "Cambria Math", "Latin Modern Math",
             "STIX Math", "DejaVu Math TeX Gyre", math; }
      details { margin: .3rem 0; font-size: .9rem; }
      summary { cursor: pointer; color: #555; }
      .source, .note { color: #444; font-size: .9rem; margin: .2rem 0 .5rem; }
      table.counterparts { border-collapse: collapse; font-size: .88rem; margin: .4rem 0; }
      .counterparts th, .counterparts td { border: 1px solid #ddd; padding: .2rem .5rem; text-align: left;
                             vertical-align: top; }
      .counterparts td { overflow-wrap: anywhere; }
      .counterparts th { background: #f0f0ec; font-weight: 600; }
      nav a { margin-right: .7rem; white-space: nowrap; }
      @media (max-width: 60rem) { .pair, .systems { grid-template-columns: minmax(0, 1fr); } }
      """;

  private CatalogueStyle() {}
}
