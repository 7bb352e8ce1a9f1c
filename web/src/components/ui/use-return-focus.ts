import * as React from "react"

/**
 * Radix gives the focus back to a dialog's trigger only. Most of ours are opened from a menu or by
 * state, so the element that had the focus is remembered instead: a menu's own button when it was
 * an item of a menu, and the page's content when it is gone by the time the dialog closes.
 */
export function useReturnFocus() {
  const openerRef = React.useRef<Element | null>(null)

  return {
    onOpenAutoFocus: () => {
      const focused = document.activeElement
      const labelledBy = focused?.closest("[role=menu]")?.getAttribute("aria-labelledby")
      openerRef.current = labelledBy ? document.getElementById(labelledBy) : focused
    },
    onCloseAutoFocus: (event: Event) => {
      if (event.defaultPrevented) return
      event.preventDefault()
      const opener = openerRef.current
      const target = opener?.isConnected ? opener : document.getElementById("content")
      if (target instanceof HTMLElement) target.focus()
    },
  }
}
